#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the substitution parameters of the 22 queries by the rules of the TPC-H specification,
sections 2.4.x.3, and writes them as a parameter file.

usage: draw_parameters.py SEED FILE
A line is `query | text of the validation query | text in its place`. tests/tpch.py puts all of a
query's lines in at once. Q11's fraction stays 0.0001 at every scale, as in the validation query.
"""
import random
import sys

REGIONS = {'AFRICA': 'ALGERIA ETHIOPIA KENYA MOROCCO MOZAMBIQUE',
           'AMERICA': 'ARGENTINA BRAZIL CANADA PERU UNITED-STATES',
           'ASIA': 'CHINA INDIA INDONESIA JAPAN VIETNAM',
           'EUROPE': 'FRANCE GERMANY ROMANIA RUSSIA UNITED-KINGDOM',
           'MIDDLE EAST': 'EGYPT IRAN IRAQ JORDAN SAUDI-ARABIA'}
NATIONS = {nation.replace('-', ' '): region for region, names in REGIONS.items()
           for nation in names.split()}
TYPES = ['STANDARD SMALL MEDIUM LARGE ECONOMY PROMO'.split(),
         'ANODIZED BURNISHED PLATED POLISHED BRUSHED'.split(),
         'TIN NICKEL BRASS STEEL COPPER'.split()]
CONTAINERS = ['SM LG MED JUMBO WRAP'.split(), 'CASE BOX BAG JAR PKG PACK CAN DRUM'.split()]
SEGMENTS = 'AUTOMOBILE BUILDING FURNITURE MACHINERY HOUSEHOLD'.split()
MODES = ['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB']
COLORS = '''almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood
burnished chartreuse chiffon chocolate coral cornflower cornsilk cream cyan dark deep dim dodger
drab firebrick floral forest frosted gainsboro ghost goldenrod green grey honeydew hot indian ivory
khaki lace lavender lawn lemon light lime linen magenta maroon medium metallic midnight mint misty
moccasin navajo navy olive orange orchid pale papaya peach peru pink plum powder puff purple red
rose rosy royal saddle salmon sandy seashell sienna sky slate smoke snow spring steel tan thistle
tomato turquoise violet wheat white yellow'''.split()


def draw(rng):
    """-> list of (query, old, new)"""
    def year():
        return f'{rng.randint(1993, 1997)}-01-01'

    def month(first, last):
        """The first day of a month between two, given as year * 12 + month - 1."""
        number = rng.randint(first, last)
        return f'{number // 12}-{number % 12 + 1:02}-01'

    def brand():
        return f'Brand#{rng.randint(1, 5)}{rng.randint(1, 5)}'
    nation, partner = rng.sample(sorted(NATIONS), 2)
    share_nation = rng.choice(sorted(NATIONS))
    modes = rng.sample(MODES, 2)
    sizes = ', '.join(map(str, rng.sample(range(1, 51), 8)))
    codes = ', '.join(f"'{code}'" for code in rng.sample(range(10, 35), 7))
    rows = [
        ('q01', "'90' day", f"'{rng.randint(60, 120)}' day"),
        ('q02', 'p_size = 15', f'p_size = {rng.randint(1, 50)}'),
        ('q02', '%BRASS', '%' + rng.choice(TYPES[2])),
        ('q02', 'EUROPE', rng.choice(sorted(REGIONS))),
        ('q03', 'BUILDING', rng.choice(SEGMENTS)),
        ('q03', '1995-03-15', f'1995-03-{rng.randint(1, 31):02}'),
        ('q04', '1993-07-01', month(1993 * 12, 1997 * 12 + 9)),
        ('q05', 'ASIA', rng.choice(sorted(REGIONS))), ('q05', '1994-01-01', year()),
        ('q06', '1994-01-01', year()), ('q06', '0.06', f'0.0{rng.randint(2, 9)}'),
        ('q06', '< 24', f'< {rng.randint(24, 25)}'),
        ('q07', 'FRANCE', nation), ('q07', 'GERMANY', partner),
        ('q08', 'BRAZIL', share_nation), ('q08', 'AMERICA', NATIONS[share_nation]),
        ('q08', 'ECONOMY ANODIZED STEEL', ' '.join(rng.choice(words) for words in TYPES)),
        ('q09', 'green', rng.choice(COLORS)),
        ('q10', '1993-10-01', month(1993 * 12 + 1, 1995 * 12)),
        ('q11', 'GERMANY', rng.choice(sorted(NATIONS))),
        ('q12', 'MAIL', modes[0]), ('q12', 'SHIP', modes[1]), ('q12', '1994-01-01', year()),
        ('q13', 'special', rng.choice('special pending unusual express'.split())),
        ('q13', 'requests', rng.choice('packages requests accounts deposits'.split())),
        ('q14', '1995-09-01', month(1993 * 12, 1997 * 12 + 11)),
        ('q15', '1996-01-01', month(1993 * 12, 1997 * 12 + 9)),
        ('q16', 'Brand#45', brand()),
        ('q16', 'MEDIUM POLISHED', ' '.join(rng.choice(words) for words in TYPES[:2])),
        ('q16', '49, 14, 23, 45, 19, 3, 36, 9', sizes),
        ('q17', 'Brand#23', brand()),
        ('q17', 'MED BOX', ' '.join(rng.choice(words) for words in CONTAINERS)),
        ('q18', '> 300', f'> {rng.randint(312, 315)}'),
    ]
    for old, low, high in (('1', 1, 10), ('10', 10, 20), ('20', 20, 30)):
        new = rng.randint(low, high)
        rows.append(('q19', f'l_quantity >= {old} and l_quantity <= {old} + 10',
                     f'l_quantity >= {new} and l_quantity <= {new} + 10'))
    rows += [('q19', old, brand()) for old in ('Brand#12', 'Brand#23', 'Brand#34')]
    return rows + [
        ('q20', 'forest', rng.choice(COLORS)), ('q20', '1994-01-01', year()),
        ('q20', 'CANADA', rng.choice(sorted(NATIONS))),
        ('q21', 'SAUDI ARABIA', rng.choice(sorted(NATIONS))),
        ('q22', "'13', '31', '23', '29', '30', '18', '17'", codes)]


def main():
    seed, path = sys.argv[1:]
    with open(path, 'w') as file:
        file.write(f'# TPC-H substitution parameters, drawn by draw_parameters.py from seed {seed}.\n')
        for query, old, new in draw(random.Random(int(seed))):
            file.write(f'{query} | {old} | {new}\n')


if __name__ == '__main__':
    main()
