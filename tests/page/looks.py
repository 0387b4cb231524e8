"""How the page must look, as scripts for the browser: sizes of targets, colours by night."""

WIDTHS = (320, 360, 390, 600, 768, 900, 1280)
SMALLEST = 48  # pixels of a target
BOXES = """
elements => elements.map(element => {
  const target = element.matches("input[type=radio], input[type=checkbox]") ? element.closest("label") : element;
  const {width, height} = target.getBoundingClientRect();
  return [target.textContent.trim() || target.id, Math.round(width), Math.round(height)];
}).filter(([, width, height]) => width > 0 && (width < %d || height < %d))
"""
# Every colour that is painted: red must be all there is in it.
NOT_RED = """
() => [...document.querySelectorAll("*")].flatMap(element => {
  const look = getComputedStyle(element);
  const names = ["color", "backgroundColor", "borderTopColor", "borderLeftColor", "outlineColor", "fill", "stroke",
    "caretColor", "textDecorationColor"];
  return names.map(name => look[name]).filter(colour => {
    const parts = colour.match(/[\\d.]+/g);
    return colour.startsWith("rgb") && Number(parts[3] ?? 1) > 0 && (Number(parts[1]) > 0 || Number(parts[2]) > 0);
  }).map(colour => `${element.tagName} ${element.className} ${colour}`);
})
"""
TARGETS = "button, a[href], summary, input"
