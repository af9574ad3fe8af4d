// The structure of a PDF: which words are a heading, a cell, a list item, which are only decoration, and what a box stands for.
// pdfmake lays out but tags nothing, pdfkit below it can; so the one place where pdfmake writes a line or a drawing is wrapped.

import rendererModule from 'pdfmake/js/Renderer.js';

/** A container of elements, told apart by its identity; the parents stand outermost first. */
export type Group = {kind: 'Table' | 'TR' | 'L' | 'LI'};

/** What a text or a drawing is; all lines of the same mark are one element. `alt` says what a drawing shows. */
export type Mark = {
  kind: 'H1' | 'H2' | 'H3' | 'P' | 'Caption' | 'Code' | 'LBody' | 'TH' | 'TD' | 'Figure' | 'TOCI';
  parents?: readonly Group[];
  alt?: string;
};

/** The parts of pdfkit's document that tags need. */
type Element = {add(child: unknown): Element};
type TaggedDocument = {
  struct(kind: string, options?: {alt?: string; scope?: string; actual?: string}): Element;
  addStructure(element: Element): unknown;
  markContent(tag: string, options?: {type?: string; actual?: string}): unknown;
  markStructureContent(tag: string, options?: {actual?: string}): unknown;
  endMarkedContent(): unknown;
  text(...args: unknown[]): unknown;
  addContent(content: string): unknown;
};
type Inline = {text: string; width: number; mark?: Mark; actual?: string; linkToDestination?: string | null};
type Line = {inlines: Inline[]};

type State = {root: Element; elements: Map<object, Element>; last: object | null};
const states = new WeakMap<TaggedDocument, State>();

function stateOf(document: TaggedDocument): State {
  const known = states.get(document);
  if (known) return known;
  const root = document.struct('Document');
  document.addStructure(root);
  const state: State = {root, elements: new Map(), last: null};
  states.set(document, state);
  return state;
}

/** Draws as part of the element of the mark; without one as decoration, which a screen reader passes over. */
function drawn(document: TaggedDocument, mark: Mark | undefined, draw: (within: Element | null) => void): void {
  const state = stateOf(document);
  // The header of a table on a further page is read once.
  const isAgain = mark?.kind === 'TH' && mark !== state.last && state.elements.has(mark);
  if (mark === undefined || isAgain) {
    document.markContent('Artifact', {type: 'Layout'});
    draw(null);
    document.endMarkedContent();
    return;
  }
  const element = elementOf(document, state, mark);
  state.last = mark;
  element.add(document.markStructureContent(mark.kind));
  draw(element);
  document.endMarkedContent();
}

function elementOf(document: TaggedDocument, {root, elements}: State, mark: Mark): Element {
  const find = (key: object, parent: Element, make: () => Element) => {
    const found = elements.get(key);
    if (found) return found;
    const made = make();
    parent.add(made);
    elements.set(key, made);
    return made;
  };
  const parent = (mark.parents ?? []).reduce(
    (above, group) => find(group, above, () => document.struct(group.kind)),
    root,
  );
  const options = {
    ...(mark.alt !== undefined && {alt: mark.alt}),
    ...(mark.kind === 'TH' && {scope: 'Column'}),
  };
  return find(mark, parent, () => document.struct(mark.kind, options));
}

/** An entry of the contents is made of the words of its heading, but is not that heading. */
function markOf({inlines}: Line): Mark | undefined {
  if (inlines.some(({linkToDestination}) => typeof linkToDestination === 'string')) return {kind: 'TOCI'};
  return inlines.find(({mark}) => mark !== undefined)?.mark;
}

/** Boxes side by side as one piece: each piece costs an element. */
function joined(inlines: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const inline of inlines) {
    const last = out.at(-1);
    const together = last?.actual !== undefined && inline.actual !== undefined && last.mark === inline.mark;
    if (!together) out.push(inline);
    else
      out[out.length - 1] = {
        ...last,
        text: last.text + inline.text,
        actual: `${last.actual}${inline.actual}`,
        width: last.width + inline.width,
      };
  }
  return out;
}

/** Characters that are drawn as a box keep what they are for searching, copying and reading aloud. */
function withActualText(
  document: TaggedDocument,
  line: Line,
  {kind, element}: {kind: string; element: Element | null},
  draw: () => void,
): void {
  if (line.inlines.every(({actual}) => actual === undefined)) {
    draw();
    return;
  }
  line.inlines = joined(line.inlines);
  const {text, addContent} = document;
  let at = 0;
  document.text = (...args) => {
    const actual = line.inlines[at++]?.actual;
    if (actual === undefined) return text.apply(document, args);
    // An element of its own: poppler takes what follows a nested sequence for nobody's.
    if (element) document.endMarkedContent();
    const span = element && document.struct('Span', {actual});
    // Within the text object, where readers still know the place of the letters.
    document.addContent = content => {
      if (content === 'ET') document.endMarkedContent();
      addContent.call(document, content);
      if (content !== 'BT') return document;
      if (span) span.add(document.markStructureContent('Span', {actual}));
      else document.markContent('Span', {actual});
      return document;
    };
    text.apply(document, args);
    document.addContent = addContent;
    if (element && span) {
      element.add(span);
      element.add(document.markStructureContent(kind));
    }
    return document;
  };
  try {
    draw();
  } finally {
    document.text = text;
    document.addContent = addContent;
  }
}

/** The class of pdfmake that puts what was laid out on its pages. */
export type Renderer = {
  prototype: {
    renderLine(this: {pdfDocument: TaggedDocument}, line: Line, x: number, y: number): void;
    renderVector(this: {pdfDocument: TaggedDocument}, vector: unknown): void;
    renderSVG(this: {pdfDocument: TaggedDocument}, svg: {mark?: Mark}): void;
  };
};

let isTagging = false;

/** From then on every PDF of this thread is tagged. @throws TypeError where pdfmake has another inside than it had */
export function tagEverything(): void {
  if (isTagging) return;
  isTagging = true;
  // A bundle has the module as Node gives it, a test has the class itself.
  const {prototype} = 'default' in rendererModule ? rendererModule.default : rendererModule;
  const {renderLine, renderVector, renderSVG} = prototype;
  prototype.renderLine = function (line, x, y) {
    const {pdfDocument} = this;
    const mark = markOf(line);
    drawn(pdfDocument, mark, element =>
      withActualText(pdfDocument, line, {kind: mark?.kind ?? '', element}, () => renderLine.call(this, line, x, y)),
    );
  };
  prototype.renderVector = function (vector) {
    drawn(this.pdfDocument, undefined, () => renderVector.call(this, vector));
  };
  prototype.renderSVG = function (svg) {
    drawn(this.pdfDocument, svg.mark, () => renderSVG.call(this, svg));
  };
}
