// PDQ of a picture, made where the picture is: only 64 letters and digits need to leave the device.
//
// The same steps as dutybound.matching.pdq, in the same order, in numbers of 64 bits. Rows and
// columns are blurred apart from each other, so each row becomes 64 sums as soon as it has come and
// the picture is never held as numbers. Source: facebook/ThreatExchange, hashing/hashing.pdf.

const PDQ = (() => {
  const POINTS = 64, WAVES = 16, LEAST_SIDE = 5, LEAST_QUALITY = 50;
  const BAND_ROWS = 64;

  // Each pixel's box along a side, a 128th of the side: its first pixel and the one behind its last.
  function boxesOf(side) {
    const box = Math.ceil(side / (2 * POINTS));
    const behind = box >> 1, before = box - 1 - behind;
    const firsts = new Int32Array(side), ends = new Int32Array(side);
    for (let pixel = 0; pixel < side; pixel++) {
      firsts[pixel] = Math.max(pixel - before, 0);
      ends[pixel] = Math.min(pixel + behind + 1, side);
    }
    return { firsts, ends };
  }

  function blur(line, { firsts, ends }) {
    let total = 0, added = 0, gone = 0;
    const means = new Float64Array(line.length);
    for (let pixel = 0; pixel < line.length; pixel++) {
      while (added < ends[pixel]) total += line[added++];
      while (gone < firsts[pixel]) total -= line[gone++];
      means[pixel] = total / (added - gone);
    }
    return means;
  }

  // The 64 points of a line that is blurred twice.
  function pointsAlong(line, boxes) {
    const blurred = blur(blur(line, boxes), boxes);
    return Float64Array.from({ length: POINTS }, (_, point) =>
      blurred[Math.floor(((point + 0.5) * line.length) / POINTS)]);
  }

  const COSINES = Array.from({ length: WAVES }, (_, wave) =>
    Float64Array.from({ length: POINTS }, (_, point) =>
      Math.sqrt(2 / POINTS) * Math.cos((Math.PI / 2 / POINTS) * (wave + 1) * (2 * point + 1))));

  function wavesIn(points) {
    const waves = new Float64Array(WAVES * WAVES);
    for (let down = 0; down < WAVES; down++) {
      for (let column = 0; column < POINTS; column++) {
        let half = 0;
        for (let row = 0; row < POINTS; row++) half += COSINES[down][row] * points[row][column];
        for (let across = 0; across < WAVES; across++) {
          waves[down * WAVES + across] += half * COSINES[across][column];
        }
      }
    }
    return waves;
  }

  function aboveMedian(waves) {
    const median = Float64Array.from(waves).sort()[waves.length / 2 - 1];
    let digits = "";
    for (let wave = waves.length - 1; wave >= 0; wave -= 4) {
      let digit = 0;
      for (let bit = 0; bit < 4; bit++) digit = 2 * digit + (waves[wave - bit] > median ? 1 : 0);
      digits += digit.toString(16);
    }
    return digits;
  }

  // How much neighbouring points differ, each counted in whole hundredths of white.
  function qualityOf(points) {
    const step = (one, other) =>
      Math.abs(Math.trunc(((Math.fround(other) - Math.fround(one)) * 100) / 255));
    let steps = 0;
    for (let row = 0; row < POINTS; row++) {
      for (let column = 0; column < POINTS; column++) {
        if (row + 1 < POINTS) steps += step(points[row][column], points[row + 1][column]);
        if (column + 1 < POINTS) steps += step(points[row][column], points[row][column + 1]);
      }
    }
    return Math.min(Math.floor(steps / 90), 100);
  }

  // What PDQ sees of a picture whose rows come from the top, as bytes of red, green, blue and alpha.
  class Sketch {
    constructor(width, height) {
      this.width = width;
      this.height = height;
      this.boxes = boxesOf(width);
      this.columns = Array.from({ length: POINTS }, () => new Float64Array(height));
      this.row = 0;
    }

    add(rgba) {
      const line = new Float64Array(this.width);
      for (let at = 0; at < rgba.length; this.row++) {
        for (let pixel = 0; pixel < this.width; pixel++, at += 4) {
          line[pixel] = 0.299 * rgba[at] + 0.587 * rgba[at + 1] + 0.114 * rgba[at + 2];
        }
        pointsAlong(line, this.boxes).forEach((sum, point) => {
          this.columns[point][this.row] = sum;
        });
      }
    }

    hashed() {
      if (Math.min(this.width, this.height) < LEAST_SIDE) {
        return { hash: "0".repeat(64), quality: 0 };
      }
      const boxes = boxesOf(this.height);
      const down = this.columns.map((column) => pointsAlong(column, boxes));
      const points = Array.from({ length: POINTS }, (_, row) => down.map((column) => column[row]));
      return { hash: aboveMedian(wavesIn(points)), quality: qualityOf(points) };
    }
  }

  // Some browsers answer with other colours than were drawn, so that nobody is known by them.
  function readsTruly(canvas, context) {
    context.fillStyle = "rgb(200, 100, 50)";
    context.fillRect(0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, 1);
    return data.every((shade, at) => Math.abs(shade - [200, 100, 50, 255][at % 4]) <= 8);
  }

  // The browser does not say what a picture shows.
  class Hidden extends Error {}

  // PDQ of a picture in a file. Rejects where the browser cannot open it or does not show it truly.
  async function ofFile(file) {
    const picture = await createImageBitmap(file);
    const { width, height } = picture;
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = Math.min(BAND_ROWS, height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context || !readsTruly(canvas, context)) throw new Hidden();

    const sketch = new Sketch(width, height);
    for (let top = 0; top < height; top += canvas.height) {
      // As the library does, what is see-through lies on white.
      context.fillStyle = "white";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(picture, 0, -top);
      const rows = Math.min(canvas.height, height - top);
      sketch.add(context.getImageData(0, 0, width, rows).data);
    }
    picture.close();
    return sketch.hashed();
  }

  return { Sketch, Hidden, ofFile, LEAST_QUALITY };
})();
