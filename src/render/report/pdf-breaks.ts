// Headings that would stand at the foot of a page go to the next one, decided while the pages are filled: pdfmake's own
// `pageBreakBefore` lays the whole document out again for each of them.

import layoutModule from 'pdfmake/js/LayoutBuilder.js';

/** What begins below this share of the page begins on the next one. */
const lowestBeginning = 0.8;

/** Of a part of the document: true where it must not begin near the foot of a page. */
export type MayMove = {startsHigh?: true};

/** The class of pdfmake that fills the pages, as far as it is used here. */
export type LayoutBuilder = {
  prototype: {
    processNode(
      this: {writer: {context(): {getCurrentPosition(): {verticalRatio: number}}}},
      node: MayMove & {pageBreak?: string},
      ...more: unknown[]
    ): void;
  };
};

let isMoving = false;

/** From then on every PDF of this thread heeds `startsHigh`. @throws TypeError where pdfmake has another inside than it had */
export function moveLowBeginnings(): void {
  if (isMoving) return;
  isMoving = true;
  // A bundle has the module as Node gives it, a test has the class itself.
  const {prototype} = 'default' in layoutModule ? layoutModule.default : layoutModule;
  const {processNode} = prototype;
  prototype.processNode = function (node, ...more) {
    if (node.startsHigh && this.writer.context().getCurrentPosition().verticalRatio > lowestBeginning)
      node.pageBreak = 'before';
    processNode.call(this, node, ...more);
  };
}
