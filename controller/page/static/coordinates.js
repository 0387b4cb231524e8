// Splits a pasted place into latitude and longitude, in any usual form. The box reads each half; nothing is checked here.

const ANGLE = String.raw`[+-]?\s*\d{1,3}(?:[.,]\d+)?\s*(?:°|º|deg)?(?:\s*\d{1,2}(?:[.,]\d+)?\s*['’′](?:\s*\d{1,2}(?:[.,]\d+)?\s*(?:["”″]|''))?)?`;
const AFTER = new RegExp(String.raw`(${ANGLE})\s*([NS])[\s,;/]*(${ANGLE})\s*([EWO])`, "i");
const BEFORE = new RegExp(String.raw`([NS])\s*(${ANGLE})[\s,;/]*([EWO])\s*(${ANGLE})`, "i");
const POINT = String.raw`[+-]?\d{1,3}(?:\.\d+)?`;
const COMMA = String.raw`[+-]?\d{1,3},\d+`;
const PLAIN = [
  new RegExp(String.raw`(${COMMA})\s*(?:[;/]|,\s|\s)\s*(${COMMA})`),
  new RegExp(String.raw`(${POINT})°?\s*[,;/\s]\s*(${POINT})`),
];

/** One angle as the box reads it. @param {string} text @param {string} letter */
function angle(text, letter) {
  const plain = text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/,(?=\d)/g, ".")
    .replace(/º|deg/g, "°")
    .replace(/''/g, '"');
  return plain + letter.toUpperCase().replace("O", "E"); // O: east in German, Ost
}

/**
 * Return latitude and longitude as texts, or null if there are no two.
 * @param {string} pasted
 * @returns {[string, string] | null}
 */
export function splitPlace(pasted) {
  const text = pasted.replace(/\blat(?:itude)?\b|\blon(?:g|gitude)?\b|[()]|=|:(?!\/)/gi, " ");
  let match = AFTER.exec(text);
  if (match) return [angle(match[1], match[2]), angle(match[3], match[4])];
  match = BEFORE.exec(text);
  if (match) return [angle(match[2], match[1]), angle(match[4], match[3])];
  const inLink = /@(-?\d+\.\d+),(-?\d+\.\d+)/.exec(pasted);
  if (inLink) return [inLink[1], inLink[2]];
  for (const pattern of PLAIN) {
    match = pattern.exec(text);
    if (match) return [angle(match[1], ""), angle(match[2], "")];
  }
  return null;
}
