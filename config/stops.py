"""Exposure times in third stops, as written on a camera's dial. Knows no setting."""

_BELOW_A_MINUTE = "1s 1.3s 1.6s 2s 2.5s 3.2s 4s 5s 6s 8s 10s 13s 15s 20s 25s 30s 40s 50s"
_ABOVE = "1m 80s 100s 2m 160s 200s 4m 320s 400s 8m 640s 800s 16m 1280s 1600s 32m 2560s 3200s"

THIRD_STOPS = tuple(f"{_BELOW_A_MINUTE} {_ABOVE}".split())
