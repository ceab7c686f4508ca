// The drawing area: strokes of mouse, finger or pen, kept as points so that they can be undone and drawn anew.

const PEN_PRESSURE = 0.5; // what a mouse reports, and the pressure at which a pen draws its nominal width

export class Pad {
  #canvas;
  #context;
  #strokes = [];
  #drawing = new Map(); // pointer id → its stroke: two fingers draw two strokes
  #lifted = -Infinity; // when the last stroke ended

  constructor(canvas, onChange) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.onChange = onChange;
    this.width = 16;
    canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    canvas.addEventListener("pointermove", (event) => this.#extend(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => this.#end(event));
    new ResizeObserver(() => this.redraw()).observe(canvas);
  }

  get isEmpty() {
    return this.#strokes.length === 0;
  }

  get isDrawing() {
    return this.#drawing.size > 0;
  }

  // Milliseconds since the pen was lifted; 0 while it draws.
  restedFor() {
    return this.isDrawing ? 0 : performance.now() - this.#lifted;
  }

  undo() {
    this.#strokes.pop();
    this.#changed();
  }

  clear() {
    this.#strokes = [];
    this.#drawing.clear();
    this.#changed();
  }

  redraw() {
    const { clientWidth, clientHeight } = this.#canvas;
    const ratio = window.devicePixelRatio;
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    this.#context.scale(ratio, ratio);
    this.#paint(this.#context, getComputedStyle(this.#canvas).color);
  }

  // Black on white, one pixel for each of the page's: what the server reads.
  picture() {
    const picture = document.createElement("canvas");
    picture.width = this.#canvas.clientWidth;
    picture.height = this.#canvas.clientHeight;
    const context = picture.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, picture.width, picture.height);
    this.#paint(context, "#000");
    return picture;
  }

  #begin(event) {
    if (event.button !== 0) return;
    document.activeElement.blur(); // keys are for the drawing now, and not for a text that was edited
    this.#canvas.setPointerCapture(event.pointerId);
    const stroke = { width: this.width, points: [this.#point(event)] };
    this.#strokes.push(stroke);
    this.#drawing.set(event.pointerId, stroke);
    this.#changed();
  }

  #extend(event) {
    const stroke = this.#drawing.get(event.pointerId);
    if (!stroke) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) stroke.points.push(this.#point(each));
    this.#changed();
  }

  #end(event) {
    if (!this.#drawing.delete(event.pointerId)) return;
    this.#lifted = performance.now();
    this.onChange();
  }

  #point(event) {
    const area = this.#canvas.getBoundingClientRect();
    const pressure = event.pointerType === "pen" && event.pressure > 0 ? event.pressure : PEN_PRESSURE;
    // Positions are kept as shares of the width: turning a phone or resizing a window keeps the drawing.
    const scale = 1 / this.#canvas.clientWidth;
    const x = event.clientX - area.left - this.#canvas.clientLeft;
    const y = event.clientY - area.top - this.#canvas.clientTop;
    return { x: x * scale, y: y * scale, pressure: 0.5 + pressure };
  }

  #changed() {
    this.redraw();
    this.onChange();
  }

  #paint(context, colour) {
    const scale = this.#canvas.clientWidth;
    context.strokeStyle = context.fillStyle = colour;
    context.lineCap = context.lineJoin = "round";
    for (const { width, points } of this.#strokes) {
      const [first] = points;
      context.beginPath();
      context.arc(first.x * scale, first.y * scale, (width * first.pressure) / 2, 0, 2 * Math.PI);
      context.fill();
      // Through the middles between points, curved at the points: smooth however few there are.
      let from = first;
      for (let i = 1; i < points.length; i++) {
        const point = points[i];
        const middle = { x: (points[i - 1].x + point.x) / 2, y: (points[i - 1].y + point.y) / 2 };
        const to = i === points.length - 1 ? point : middle;
        context.lineWidth = width * point.pressure;
        context.beginPath();
        context.moveTo(from.x * scale, from.y * scale);
        context.quadraticCurveTo(points[i - 1].x * scale, points[i - 1].y * scale, to.x * scale, to.y * scale);
        context.stroke();
        from = to;
      }
    }
  }
}
