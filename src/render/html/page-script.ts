// The only script of a chart page: shows what the mark nearest to the pointer says; arrow keys go from mark to mark.

/** Runs in a browser. It reads titles of the drawing and writes them as text, never as markup. */
export const pageScript = `(() => {
  const box = document.querySelector('svg');
  const tip = document.getElementById('tip');
  const marks = [...box.querySelectorAll('title')].map(title => {
    const mark = title.parentElement;
    const text = title.textContent;
    title.remove();
    return {mark, text};
  });
  let chosen = -1;
  const middle = ({mark}) => {
    const {left, top, width, height} = mark.getBoundingClientRect();
    return {x: left + width / 2, y: top + height / 2, left, top, right: left + width, bottom: top + height};
  };
  const show = index => {
    marks[chosen]?.mark.classList.remove('on');
    chosen = index;
    const found = marks[index];
    tip.hidden = found === undefined;
    if (!found) return;
    found.mark.classList.add('on');
    tip.textContent = found.text;
    const {x, top} = middle(found);
    const {offsetWidth: width, offsetHeight: height} = tip;
    const left = Math.max(4, Math.min(document.documentElement.clientWidth - width - 4, x - width / 2));
    tip.style.left = left + scrollX + 'px';
    tip.style.top = Math.max(4, top - height - 8) + scrollY + 'px';
  };
  const nearest = (x, y) => {
    let best = -1;
    let least = 28;
    marks.forEach((each, index) => {
      const {left, top, right, bottom, x: mx, y: my} = middle(each);
      const outside = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
      const distance = outside + Math.hypot(mx - x, my - y) / 1000;
      if (distance < least) [best, least] = [index, distance];
    });
    return best;
  };
  box.addEventListener('pointermove', event => show(nearest(event.clientX, event.clientY)));
  box.addEventListener('pointerleave', () => show(-1));
  box.addEventListener('blur', () => show(-1));
  box.addEventListener('keydown', event => {
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    if (event.key === 'Escape') show(-1);
    if (!step || marks.length === 0) return;
    event.preventDefault();
    show((chosen + step + marks.length) % marks.length);
  });
  box.setAttribute('tabindex', '0');
})();
`;
