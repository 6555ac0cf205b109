"""The network: state VAE, code VAE, executor, and their checkpoint."""
