// Runs before the first paint: takes the look that this phone had last, so that a night begins without a white flash,
// and loads the page anew if the network changed while its files were on their way. Everything else is in the modules.
(() => {
  let look = "day";
  try {
    if (localStorage.getItem("backbutton.look") === "night") look = "night";
  } catch {
    // a browser that keeps nothing begins by day
  }
  document.documentElement.dataset.look = look;
})();

addEventListener(
  "error",
  ({ target }) => {
    if (!(target instanceof HTMLElement && target.matches("script, [rel=stylesheet]"))) return;
    const page = document.getElementById("page");
    if (page) page.textContent = "A part of the page did not come; it is loaded again…";
    setTimeout(() => location.reload(), 1000);
  },
  true, // such an error does not bubble
);
