// Turns numbers into words, as the box itself says them. Knows no state; sentences come from the daemon.

/** A time span as people say it: 3.2 s, 24m 10s, 2h 00m 05s. @param {number} ns */
export function span(ns) {
  const tenths = Math.max(0, Math.round(ns / 1e8));
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.floor(tenths / 10);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours ? `${hours}h ${two(minutes)}m ${two(rest)}s` : `${minutes}m ${two(rest)}s`;
}

/** A short time on a drawing: 20 ms, 1.5 s, 2 min. @param {number} ns */
export function brief(ns) {
  const [unit, size] = ns >= 120e9 ? ["min", 60e9] : ns >= 1e9 ? ["s", 1e9] : ["ms", 1e6];
  return ns === 0 ? "0 s" : `${Number((ns / Number(size)).toPrecision(3))} ${unit}`;
}

/** The zone of a time that the box tells, like `2026-06-21 12:00:06 +0200`, as UTC+02:00. @param {string | null} at */
export function zoneOf(at) {
  const match = at?.match(/([+-]\d{2}):?(\d{2})$/);
  return match ? `UTC${match[1]}:${match[2]}` : "";
}

/** The day and the time of day in such a text, without seconds and zone. @param {string | null} at */
export function dayAndTime(at) {
  const match = at?.match(/^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})/);
  return match ? `${match[1]}, ${match[2]}` : "clock not set";
}

/** The time of day in such a text. @param {string} at */
export function timeOfDay(at) {
  return at.match(/(\d{2}:\d{2})/)?.[1] ?? at;
}

/** A sentence with a capital at its beginning, unless it begins with a name like site.timezone. @param {string} text */
export function capital(text) {
  return /^(?:hand-step|[a-z]+[,;:.]?)(?:\s|$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** This phone's time with its distance from UTC: 2026-06-21T12:00:06+02:00. @param {Date} now */
export function isoTime(now) {
  const ahead = -now.getTimezoneOffset();
  const local = new Date(now.getTime() + ahead * 60_000).toISOString().slice(0, 19);
  const [hours, minutes] = [Math.floor(Math.abs(ahead) / 60), Math.abs(ahead) % 60];
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${local}${ahead < 0 ? "-" : "+"}${two(hours)}:${two(minutes)}`;
}

// Browsers go on calling these by names that a box may not have any more.
/** @type {Record<string, string>} */
const ZONES = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Catamarca": "America/Argentina/Catamarca",
  "America/Cordoba": "America/Argentina/Cordoba",
  "America/Godthab": "America/Nuuk",
  "America/Indianapolis": "America/Indiana/Indianapolis",
  "America/Jujuy": "America/Argentina/Jujuy",
  "America/Louisville": "America/Kentucky/Louisville",
  "America/Mendoza": "America/Argentina/Mendoza",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};

/** The name of this phone's time zone, like Europe/Zurich. */
export function phoneZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return ZONES[zone] ?? zone;
}
