CREATE VIEW v WITH (i = select, o = <>, n = none, w = "select") AS SELECT 1
