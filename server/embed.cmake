# Writes TO, a C file that holds the bytes of FROM as `const char NAME[]`, with a NUL behind them.
file(READ ${FROM} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(................................................................................)" "\\1\n"
  bytes "${bytes}")
file(WRITE ${TO} "#include \"server/sample.h\"\n\nconst char ${NAME}[] = {\n${bytes}0};\n")
