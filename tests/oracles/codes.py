# Reads "KEY SECOND" lines and prints the code that an authenticator app would show then.
import sys

import pyotp

for line in sys.stdin:
    key, second = line.split()
    print(pyotp.TOTP(key).at(int(second)))
