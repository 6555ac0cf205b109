"""The network: state VAE, code VAE and executor. A checkpoint's name in, a model behind one interface out.

interface.py    what a model does, for whoever runs one: start here
load.py         a checkpoint -> the model that runs; knows the backends, which know files alone
checkpoint.py   where checkpoints are, what files they have, and the names of weights in them
hub.py          checkpoints of a model hub; catalogue.py lists what there is on this machine
memory.py       results that are kept, for inputs that are equal to the bit
auto.py         the networks behind transformers' AutoModel
shape.py        `config.json`: sizes, range, kind of network
features.py     the number features that tokens begin with
experts.py      which of the trunk's hidden units an operator has
fields.py       what the mover chooses between: the fields of a move as classes
heap.py         rows as latents, and how a move changes them, bit for bit
rows.py         exact rows to a heap of latents and back
inference/      what runs: the networks in NumPy
network/        what is trained: the same networks in torch, and the way onto other devices
sums/           the two networks of the post's first experiment
"""
