"""The `prove` command: the questions of a proof, a press at a time, and what follows from the answers.

Knows the shape of the replies of `proof` and its methods. Must not know cameras, files or the inference: the
box says which question comes next, and what is concluded.
"""
