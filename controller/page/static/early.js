// Runs before the first paint, and only for it: takes the look that this phone had last, so that a night begins
// without a white flash. Everything else is in the modules.
(() => {
  let look = "day";
  try {
    if (localStorage.getItem("backbutton.look") === "night") look = "night";
  } catch {
    // a browser that keeps nothing begins by day
  }
  document.documentElement.dataset.look = look;
})();
