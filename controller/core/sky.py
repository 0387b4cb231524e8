"""Computes how bright the sky is by the height of the sun. Pure; knows no clock and no setting.

For a clear sky over open country, without a moon: it knows neither clouds nor the glow of a city, which outshines the
sky once the sun is some 8 degrees down.
"""

from bisect import bisect_right

from controller.core.daylight import MINUTE_NS, Site, height_at

# The sun's geometric height in degrees, and log2 of the illuminance of level ground in lux. Source: P. M. Janiczek
# and J. A. DeYoung, "Computer Programs for Sun and Moon Illuminance", US Naval Observatory Circular 171 (1987), page
# 22: subroutines REFR and ATMOS, times 133,775 lux, plus its 0.0005 lux of a night without a moon; evaluated and
# rounded. The formula jumps by 0.6 stops at -50/60 degrees, below which it counts no refraction. From -2.5 to +0.5
# degrees the points therefore follow a cubic with the formula's values and slopes at both ends. It has about 510 lux
# at sunset, where the Glossary of the American Meteorological Society has 585 to 410 ("civil twilight").
# fmt: off
_POINTS = (
    (-18, -10.947), (-17.5, -10.934), (-17, -10.911), (-16.5, -10.874), (-16, -10.811),
    (-15.5, -10.710), (-15, -10.551), (-14.5, -10.312), (-14, -9.975), (-13.5, -9.533),
    (-13, -8.991), (-12.5, -8.367), (-12, -7.683), (-11.5, -6.959), (-11, -6.209),
    (-10.5, -5.443), (-10, -4.667), (-9.5, -3.886), (-9, -3.103), (-8.5, -2.319),
    (-8, -1.535), (-7.5, -0.752), (-7, 0.029), (-6.5, 0.807), (-6, 1.581),
    (-5.5, 2.350), (-5, 3.113), (-4.5, 3.867), (-4, 4.611), (-3.5, 5.341),
    (-3, 6.053), (-2.5, 6.742), (-2, 7.432), (-1.5, 8.127), (-1, 8.790),
    (-0.5, 9.386), (0, 9.878), (0.5, 10.231), (1, 10.485), (1.5, 10.715),
    (2, 10.926), (2.5, 11.127), (3, 11.320), (4, 11.696), (5, 12.054),
    (6, 12.389), (7, 12.696), (8, 12.975), (9, 13.227), (10, 13.455),
    (12, 13.849), (14, 14.177), (16, 14.454), (18, 14.693), (20, 14.901),
    (22, 15.085), (25, 15.323), (30, 15.647), (35, 15.905), (40, 16.115),
    (45, 16.289), (50, 16.433), (60, 16.652), (70, 16.798), (80, 16.884),
    (90, 16.918),
)
# fmt: on
_HEIGHTS_DEG = tuple(height_deg for height_deg, _ in _POINTS)


def sun_height_deg(utc_ns: int, site: Site) -> float:
    """Return the height of the sun's centre in degrees, without refraction, at nanoseconds UTC since 1970.

    As in `height_at`, to which `crossing_ns` is the inverse. Within 0.02 degrees from 2000 to 2100.
    """
    return height_at(utc_ns / MINUTE_NS, site)


def brightness_stops(height_deg: float) -> float:
    """Return log2 of the illuminance of level ground in lux, under a clear sky, by the sun's geometric height.

    A stop more is twice the light. Rises strictly from -18 to +90 degrees and is constant below. Within 0.03 stops of
    the formula above, except near sunset, where it is smoother. The Glossary of the American Meteorological Society
    agrees within a stop ("civil", "nautical" and "astronomical twilight"); measured skies differ by as much.
    """
    if height_deg <= _HEIGHTS_DEG[0]:
        return _POINTS[0][1]
    after = min(bisect_right(_HEIGHTS_DEG, height_deg), len(_POINTS) - 1)
    (low_deg, low_stops), (high_deg, high_stops) = _POINTS[after - 1], _POINTS[after]
    return low_stops + (high_stops - low_stops) * (height_deg - low_deg) / (high_deg - low_deg)
