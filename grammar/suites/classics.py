"""Twenty classic integer algorithms as Lx programs with room for their inputs.

The inputs' ranges fit [-99, 99]; a draw whose run leaves the range is drawn again.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Classic:
    """The smallest and the largest value of each input, and a program text with `{name}` in its place."""

    inputs: dict[str, tuple[int, int]]
    text: str


CLASSICS: dict[str, Classic] = {
    "greatest common divisor": Classic(
        {"a": (1, 99), "b": (1, 99)},
        """
a = {a}
b = {b}
while b:
    a, b = b, a % b
a
""",
    ),
    "least common multiple": Classic(
        {"a": (1, 30), "b": (1, 30)},
        """
a = {a}
b = {b}
x = a
y = b
while y:
    x, y = y, x % y
a // x * b
""",
    ),
    "extended Euclid": Classic(
        {"a": (1, 60), "b": (1, 60)},
        """
a = {a}
b = {b}
s, t = 1, 0
while b:
    q = a // b
    a, b = b, a - q * b
    s, t = t, s - q * t
a
s
""",
    ),
    "Fibonacci": Classic(
        {"n": (1, 10)},
        """
n = {n}
a, b = 0, 1
for i in range(n):
    a, b = b, a + b
a
""",
    ),
    "Lucas numbers": Classic(
        {"n": (1, 8)},
        """
n = {n}
a, b = 2, 1
for i in range(n):
    a, b = b, a + b
a
""",
    ),
    "factorial": Classic(
        {"n": (0, 4)},
        """
n = {n}
f = 1
while n > 1:
    f *= n
    n -= 1
f
""",
    ),
    "binomial coefficient": Classic(
        {"n": (1, 8), "k": (0, 4)},
        """
n = {n}
k = {k}
c = 1
for i in range(k):
    c = c * (n - i) // (i + 1)
c
""",
    ),
    "Collatz steps": Classic(
        {"n": (1, 26)},
        """
n = {n}
steps = 0
while n != 1:
    if n % 2 == 0:
        n //= 2
    else:
        n = 3 * n + 1
    steps += 1
steps
""",
    ),
    "primality": Classic(
        {"n": (2, 99)},
        """
n = {n}
prime = n > 1
d = 2
while prime and d <= n // d:
    prime = n % d != 0
    d += 1
prime
""",
    ),
    "number of divisors": Classic(
        {"n": (1, 30)},
        """
n = {n}
c = 0
d = 1
while d <= n:
    if n % d == 0:
        c += 1
    d += 1
c
""",
    ),
    "Euler's totient": Classic(
        {"n": (1, 12)},
        """
n = {n}
t = 0
k = 1
while k <= n:
    a, b = n, k
    while b:
        a, b = b, a % b
    if a == 1:
        t += 1
    k += 1
t
""",
    ),
    "sum of digits": Classic(
        {"n": (0, 99)},
        """
n = {n}
s = 0
while n > 0:
    s += n % 10
    n //= 10
s
""",
    ),
    "reversed digits": Classic(
        {"n": (0, 99)},
        """
n = {n}
r = 0
while n > 0:
    r = r * 10 + n % 10
    n //= 10
r
""",
    ),
    "population count": Classic(
        {"n": (0, 99)},
        """
n = {n}
c = 0
while n:
    c += n % 2
    n //= 2
c
""",
    ),
    "integer square root": Classic(
        {"n": (1, 98)},
        """
n = {n}
x = n
y = (x + 1) // 2
while y < x:
    x = y
    y = (x + n // x) // 2
x
""",
    ),
    "integer logarithm": Classic(
        {"n": (1, 99)},
        """
n = {n}
k = 0
while n > 1:
    n //= 2
    k += 1
k
""",
    ),
    "power modulo m": Classic(
        {"b": (0, 9), "e": (0, 40), "m": (2, 10)},
        """
b = {b}
e = {e}
m = {m}
r = 1
while e > 0:
    if e % 2 == 1:
        r = r * b % m
    b = b * b % m
    e //= 2
r
""",
    ),
    "Josephus": Classic(
        {"n": (1, 30), "k": (1, 9)},
        """
n = {n}
k = {k}
r = 0
i = 2
while i <= n:
    r = (r + k) % i
    i += 1
r + 1
""",
    ),
    "three numbers sorted": Classic(
        {"a": (-99, 99), "b": (-99, 99), "c": (-99, 99)},
        """
a = {a}
b = {b}
c = {c}
if a > b:
    a, b = b, a
if b > c:
    b, c = c, b
if a > b:
    a, b = b, a
print(a, b, c)
""",
    ),
    "Russian peasant multiplication": Classic(
        {"a": (-9, 9), "b": (0, 11)},
        """
a = {a}
b = {b}
p = 0
while b > 0:
    if b % 2:
        p += a
    b //= 2
    if b > 0:
        a += a
p
""",
    ),
}
