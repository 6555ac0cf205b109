"""What a checkpoint needs for rows: words for them in both spaces, the mover, the exhaustive check of what it moves.

objective.py   what is minimised: words.py gives all words their places, the mover's choices are learnt case by case
lines.py       core lines of all operators with literals of all kinds, and those that are hard to read
mine.py        the cases that a checkpoint is unsure of
chains.py      programs on rows fed by their own latents, beside exact execution
exhaustive.py  every case of movement through a checkpoint, and lines through all of it
scan.py        how sure the mover is of each case
"""
