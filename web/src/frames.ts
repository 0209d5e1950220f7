/**
 * Makes a function that has `run` called once, before the browser paints next, however often it is called. A page in the
 * background, which is not painted, gets it within 100 ms.
 */
export function beforePaint(run: () => void): () => void {
  let planned = false;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    planned = false;
    run();
  };
  return () => {
    if (planned) return;
    planned = true;
    frame = requestAnimationFrame(now);
    timer = setTimeout(now, 100);
  };
}
