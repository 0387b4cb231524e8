// Day or night: red on black when the sun is down at the site, or always, or never. Knows the page's colours only.

import { keep, kept, state, update } from "./store.js";

const CHOICE = "backbutton.night";
const LOOK = "backbutton.look"; // read by early.js before the first paint

/** Take up what was chosen on this phone. */
export function beginLook() {
  const choice = kept(CHOICE);
  if (choice === "always" || choice === "never") state.nightChoice = choice;
  show(document.documentElement.dataset.look === "night");
}

/** @param {"auto" | "always" | "never"} choice */
export function chooseNight(choice) {
  keep(CHOICE, choice);
  update({ nightChoice: choice });
  followSun();
}

/** Use the look that the choice and the sun ask for; until the sun is known, the one of last time. */
export function followSun() {
  const { nightChoice, sun } = state;
  if (nightChoice !== "auto") show(nightChoice === "always");
  else if (sun !== null) show(sun.is_down === true);
}

/** @param {boolean} isNight */
function show(isNight) {
  document.documentElement.dataset.look = isNight ? "night" : "day";
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", isNight ? "#000000" : "#ffffff");
  keep(LOOK, isNight ? "night" : "day");
  update({ isNight });
}
