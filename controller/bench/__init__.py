"""`backbutton bench`: measures this box on this machine, and compares the figures with the goals of the design.

Knows how to start the box's programs, each a process of its own on mock pins, and what the kernel counts of them. No
GPIO line is requested, so a camera may stay connected. All measuring of the box itself happens in this room. It must
not know about other programs, documents or pictures: `benchmarks/`, at the top of the tree, compares the box with
other programs and writes docs/benchmarks.md, and takes the box's own figures and tables from here.
"""
