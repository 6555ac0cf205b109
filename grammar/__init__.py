"""What the network learns from and is judged by; all of it seeded, splits by hash.

programs/     whole programs from weighted productions, and corpora of them
core_lines/   core lines, states and pairs of operands, many at once: what training draws
suites/       programs of the literature and classic algorithms, never trained on
"""
