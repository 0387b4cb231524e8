"""What an owner's answers say about his camera: pure, presses and answers in, a verdict out.

Knows contacts and times, what cameras may be like, and the keys of camera profiles. Must not know who asks, who
answers, files, pins or a clock; closes no contact.
"""
