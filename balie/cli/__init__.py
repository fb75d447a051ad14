"""The command line: one module per group of commands, each of them thin."""
