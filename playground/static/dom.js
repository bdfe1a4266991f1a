// Everything in the page is built here, from nodes: no text ever becomes HTML.
const SVG = "http://www.w3.org/2000/svg";

export function h(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function fill(node, properties, children) {
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key in node && typeof value !== "string") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SHAPES = {
  send: ["M4 12 20 4l-5 16-3.500-6.500z", "M20 4 11.500 13.500"],
  menu: ["M4 7h16M4 12h16M4 17h16"],
  close: ["M6 6l12 12M18 6 6 18"],
  back: ["M15 5l-7 7 7 7"],
  lock: ["M7 11V8a5 5 0 0 1 10 0v3", "M5.500 11h13v9h-13z"],
  down: ["M12 4v11M7 10.500l5 5 5-5", "M5 20h14"],
  reply: ["M9 7 4 12l5 5", "M4 12h9a7 7 0 0 1 7 7"],
  dots: ["M5 12h.01M12 12h.01M19 12h.01"],
  sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z", "M12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400"],
  moon: ["M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z"],
  eye: ["M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12z", "M12 9.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600z"],
  warn: ["M12 4 2.500 20h19z", "M12 10v4.500M12 17.200v.01"],
  clock: ["M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17z", "M12 7.500V12l3 2"],
  people: ["M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z", "M2.500 19.500c.6-3.400 3-5.200 6.500-5.200s5.900 1.800 6.500 5.200", "M16 4.900a3.500 3.500 0 0 1 0 6.200M18 14.800c1.900.7 3.100 2.300 3.500 4.700"],
  clip: ["M20 11.500 12 19.500a5 5 0 0 1-7-7l8.500-8.500a3.300 3.300 0 0 1 4.700 4.700L10 17a1.600 1.600 0 0 1-2.300-2.300l7.300-7.300"],
  file: ["M6 3h8l5 5v13H6z", "M14 3v5h5", "M9 13h7M9 17h7"],
};

export function icon(name) {
  const paths = SHAPES[name].map((d) => svg("path", { d }));
  return svg("svg", { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" }, ...paths);
}

// The prompter's box: a small hood at the edge of the stage, and the whisper that leaves it.
export function mark() {
  return svg(
    "svg",
    { viewBox: "0 0 32 32", class: "mark", "aria-hidden": "true" },
    svg("path", { d: "M4 23.500C4 15.500 8.800 10 15 10s11 5.500 11 13.500z", class: "mark-hood" }),
    svg("path", { d: "M15 10v6M9.600 12.200l2.200 5.200M20.400 12.200l-2.200 5.200M5.900 16.600l3.600 3M24.100 16.600l-3.600 3", class: "mark-rib" }),
    svg("path", { d: "M9 23.500c0-4 2.400-6.500 6-6.500s6 2.500 6 6.500z", class: "mark-pit" }),
    svg("rect", { x: 2, y: 23.5, width: 28, height: 2.6, rx: 1.3, class: "mark-floor" }),
    svg("path", { d: "M23.200 9.600a4 4 0 0 1 2.800 2.800M24 5.400a8.200 8.200 0 0 1 6.200 6.200", class: "mark-whisper" }),
  );
}
