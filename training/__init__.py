"""Training and evaluation of checkpoints: a configuration in, a checkpoint and its figures out. Start at `train.py`.

train.py       the command: what is drawn, and one step
trainer.py     networks, optimiser and average, resumed where they were; parallel.py is one process or many
config.py      the file of a run, in stages; configs/ holds them
losses.py      what is minimised; anchors.py is where the latents of numbers should lie
progress.py    what is printed and kept on the way
evaluate.py    the command that measures a checkpoint
report.py      its figures in words
inverses.py    the command that measures which operator undoes which
evaluation/    the measures behind these, and their plots
sums/          the post's first experiment
LOG.md         every run
"""
