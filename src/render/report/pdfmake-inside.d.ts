// pdfmake ships no types of its inside.
declare module 'pdfmake/js/Renderer.js' {
  type Renderer = import('./pdf-tags.ts').Renderer;
  const renderer: Renderer | {default: Renderer};
  export = renderer;
}

declare module 'pdfmake/js/LayoutBuilder.js' {
  type LayoutBuilder = import('./pdf-breaks.ts').LayoutBuilder;
  const layoutBuilder: LayoutBuilder | {default: LayoutBuilder};
  export = layoutBuilder;
}
