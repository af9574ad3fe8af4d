// Several small charts on one drawing: facets in as many columns as fit, pairs in a square.

import {axisTitle} from '../axis.ts';
import {familyOf} from '../chart-marks.ts';
import {countPoints} from '../chart-note.ts';
import type {ChartSpec} from '../chart-spec.ts';
import {drawBars} from './bars.ts';
import {drawBins} from './bins.ts';
import {drawBoxes} from './boxes.ts';
import {drawCells} from './cells.ts';
import {clipTo, textEl} from './element.ts';
import type {Drawn, Rect} from './frame.ts';
import {drawXy} from './xy.ts';

const gap = 14;
const titleHeight = 18;

export function drawPanels({mark, panels = []}: ChartSpec, rect: Rect): Drawn {
  const side =
    mark === 'pairs'
      ? Math.round(Math.sqrt(panels.length))
      : Math.min(panels.length, Math.max(1, Math.floor(rect.width / 210)));
  const across = Math.max(1, side);
  const width = (rect.width - gap * (across - 1)) / across;
  const high = mark === 'pairs' ? Math.max(110, width * 0.8) : 170;
  const body: string[] = [];
  let top = rect.top;
  for (let start = 0; start < panels.length; start += across) {
    // The columns of pairs are named once; the name of a row stands above the axis of each of its panels.
    const isNamed = mark !== 'pairs' || start === 0;
    const head = isNamed ? titleHeight : 0;
    let tallest = 0;
    panels.slice(start, start + across).forEach((panel, place) => {
      const left = rect.left + place * (width + gap);
      const drawn = drawPanel(panel, {left, top: top + head, width, height: high});
      const title = mark === 'pairs' ? axisTitle(panel.x) : panel.title;
      if (isNamed) body.push(textEl(clipTo(title, width, 12), {class: 'panel', x: left, y: top + 12}));
      body.push(drawn.body);
      tallest = Math.max(tallest, drawn.height);
    });
    top += head + tallest + gap;
  }
  return {body: body.join(''), height: top - rect.top};
}

/** One chart without its title and note. */
export function drawPanel(spec: ChartSpec, rect: Rect): Drawn {
  if (countPoints(spec).drawn === 0)
    return {body: textEl('no values', {class: 'label', x: rect.left, y: rect.top + 16}), height: 40};
  switch (familyOf(spec.mark)) {
    case 'bars':
      return drawBars(spec, rect);
    case 'bins':
      return drawBins(spec, rect, true);
    case 'boxes':
      return drawBoxes(spec, rect);
    case 'cells':
      return drawCells(spec, rect);
    case 'xy':
      return drawXy(spec, rect, true);
    case 'panels':
      return drawPanels(spec, rect);
  }
}
