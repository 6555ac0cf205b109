"""The networks in torch: ids and latents in, latents and logits out. Start at `interpreter.py`.

config.py        sizes, and T5 stacks of them
embedding.py     ids -> vectors, with number features
vae.py           state VAE and code VAE: ids -> latents -> logits
trunk.py         the executor's and the mover's feed-forward layers
executor.py      (operator, latents of operands) -> latents of value and status
mover.py         (operator, operands, headers of their rows) -> the fields of a move
interpreter.py   all together, (state latent, code latent) -> next state latent: what is trained and saved
backend.py       loaded from a checkpoint, saved as one, run on other devices
"""
