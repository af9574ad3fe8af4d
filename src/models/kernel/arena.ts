// One memory with the inner loops that work on it, in WebAssembly where the engine has it.

import {type Kernel, plainKernel} from './plain.ts';
import {kernelText} from './wasm-text.ts';

/** What is used of WebAssembly, whose types come with a browser's. */
type WasmModule = object;
type WasmMemory = {readonly buffer: ArrayBuffer};
declare const WebAssembly: {
  Module: new (program: Uint8Array) => WasmModule;
  Memory: new (size: {initial: number}) => WasmMemory;
  Instance: new (module: WasmModule, imports: {env: {memory: WasmMemory}}) => {exports: unknown};
};

/** `buffer` is all zeros at first; `take` gives the byte offset of the next so many bytes, a multiple of 16. */
export type Arena = {kernel: Kernel; buffer: ArrayBuffer; take(bytes: number): number};

const pageBytes = 65_536;
const mostBytes = 65_535 * pageBytes;
let compiled: WasmModule | null | undefined;

/** @throws {RangeError} beyond 4 GB, which no 32-bit offset reaches */
export function createArena(bytes: number): Arena {
  // The room that is rounded away by `take`, and the first bytes, which the program may keep to itself.
  const needed = bytes + 4096;
  if (needed > mostBytes) throw new RangeError(`the model needs ${(needed / 2 ** 30).toFixed(1)} GB, more than 4 GB`);
  let next = 1024;
  const take = (wanted: number): number => {
    const at = next;
    next = Math.ceil((at + wanted) / 16) * 16;
    if (next > needed) throw new RangeError('more memory was taken than asked for');
    return at;
  };
  const memory = newMemory(needed);
  if (memory && compiled) return {kernel: wasmKernel(compiled, memory), buffer: memory.buffer, take};
  const buffer = new ArrayBuffer(Math.ceil(needed / 16) * 16);
  return {kernel: plainKernel(buffer), buffer, take};
}

/** Null where there is no WebAssembly, or where the process may not have the address space that its memory sets aside. */
function newMemory(bytes: number): WasmMemory | null {
  if (compiled === undefined) compiled = compile();
  try {
    return compiled && new WebAssembly.Memory({initial: Math.ceil(bytes / pageBytes)});
  } catch {
    return null;
  }
}

/** The inner loops; null where the engine runs without WebAssembly (`node --jitless`) or without its vectors. */
export function compile(): WasmModule | null {
  try {
    return new WebAssembly.Module(Buffer.from(kernelText, 'base64'));
  } catch {
    return null;
  }
}

export function wasmKernel(module: WasmModule, memory: WasmMemory): Kernel {
  // The test that compares it with the plain one, function by function, stands in for the type that exports do not have.
  return new WebAssembly.Instance(module, {env: {memory}}).exports as Kernel;
}
