"""The process that Jupyter starts for a notebook of Lx."""

from __future__ import annotations

from ipykernel.kernelapp import IPKernelApp

from latent_repl.notebook.kernel import LxKernel

if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=LxKernel)
