from hypothesis import settings

# The same examples every time, and no stopwatch: a slow machine is no fault.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")
