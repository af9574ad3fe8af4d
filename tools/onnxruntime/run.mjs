// Runs ONNX files in a process of its own, since a native library that ends with a thread may take the test run with it.
// Standard input and output hold what test/support/onnxruntime.ts says, as Node serializes values.

import {buffer} from 'node:stream/consumers';
import {deserialize, serialize} from 'node:v8';

// It tells its maker of every file it opens unless it is told not to; it reads this once, when it is loaded.
process.env.ORT_DISABLE_TELEMETRY = '1';
const {default: ort} = await import('onnxruntime-node');

const answers = [];
for (const {bytes, inputs} of deserialize(await buffer(process.stdin))) {
  try {
    const session = await ort.InferenceSession.create(bytes);
    const tensors = inputs.map(({name, type, values}) => [
      name,
      new ort.Tensor(type === 'double' ? 'float64' : 'string', values, [values.length, 1]),
    ]);
    const said = Object.entries(await session.run(Object.fromEntries(tensors)));
    answers.push({outputs: Object.fromEntries(said.map(([name, {data, dims}]) => [name, {data, dims}]))});
    await session.release();
  } catch (error) {
    answers.push({error: String(error)});
  }
}
process.stdout.write(serialize(answers));
