"""Training and evaluation of checkpoints: a configuration in, a checkpoint and its figures out. Start at `train.py`.

train.py       the command and the loop, the same for every model
recipe.py      runs one after another, from random weights to a checkpoint that ships
trainer.py     networks, average and optimiser; one step; resumed where it was; one process or many
schedule.py    where a run stands: stage, learning rate, end
config.py      the file of a run, checked; configs/ holds them; stages.py is its curriculum
objective.py   what differs between runs; core_lines.py is the base model's, rows/ and sums/ have their own
losses.py      what is minimised; anchors.py is where latents of numbers should lie; operands.py what steps meet
progress.py    what is printed and kept on the way
mine.py        the pairs a checkpoint is unsure of; scan.py is how sure it is of all
mined.py       the file of what mining has found, which a run draws from
exhaustive.py  every pair counted: by the scan where it is sure, by the package's inference where it is not
evaluate.py    the command that measures a checkpoint
mean.py        the command that takes the mean of several checkpoints' weights
report.py      its figures in words; cards.py is how a model hub lists it
inverses.py    the command that measures which operator undoes which
evaluation/    the measures behind these, and their plots
codes/         the space of code latents by itself, in three ways
rows/          places of all words, the mover, and the exhaustive check of what it moves
sums/          the post's first experiment
LOG.md         every run
"""
