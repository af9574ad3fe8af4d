// The wire formats of the two services: a step as server-sent event frames, exactly as the real ones shape them.

import type {FakeCall, StreamStep} from './fake-llm-steps.ts';

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

const halves = (text: string): [string, string] => {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
};

export function openAiFrames(step: StreamStep, model: string, usageAsked: boolean, answer: number): string[] {
  const chunk = (delta: unknown, finish: string | null = null) =>
    data({
      id: `chatcmpl-${answer}`,
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model,
      choices: [{index: 0, delta, logprobs: null, finish_reason: finish}],
      ...(usageAsked ? {usage: null} : {}),
    });
  const frames = [chunk({role: 'assistant', content: step.calls.length > 0 ? null : ''})];
  for (const content of step.texts) frames.push(chunk({content}));
  step.calls.forEach((call, index) => {
    const last = index === step.calls.length - 1;
    frames.push(...openAiCallFrames(call, index, step, last && step.cutArguments, answer).map(delta => chunk(delta)));
  });
  const finish = openAiFinish(step);
  if (finish) frames.push(chunk({}, finish));
  if (finish && usageAsked && step.usage)
    frames.push(
      data({
        id: `chatcmpl-${answer}`,
        object: 'chat.completion.chunk',
        created: 1_700_000_000,
        model,
        choices: [],
        usage: {prompt_tokens: 11, completion_tokens: 7, total_tokens: 18},
      }),
    );
  if (finish || step.ending === 'done_only') frames.push('data: [DONE]\n\n');
  return frames;
}

function openAiFinish(step: StreamStep): string | null {
  if (step.ending === 'complete') return step.calls.length > 0 ? 'tool_calls' : 'stop';
  if (step.ending === 'length') return 'length';
  return step.ending === 'filtered' ? 'content_filter' : null;
}

function openAiCallFrames(call: FakeCall, index: number, step: StreamStep, cut: boolean, answer: number): unknown[] {
  const text = typeof call.args === 'string' ? call.args : JSON.stringify(call.args);
  const [first, second] = halves(text);
  if (step.plainCalls) return [{tool_calls: [{type: 'function', function: {name: call.name, arguments: text}}]}];
  const id = call.id ?? `call_${answer}_${index}`;
  const opening = {tool_calls: [{index, id, type: 'function', function: {name: call.name, arguments: ''}}]};
  const more = (part: string) => ({tool_calls: [{index, function: {arguments: part}}]});
  return cut ? [opening, more(first)] : [opening, more(first), more(second)];
}

/** The last frame of a cut call is half a JSON line: this service sends arguments in one piece only. */
export function geminiFrames(step: StreamStep, model: string, answer: number): string[] {
  const frame = (parts: unknown[], finishReason?: string, usage = false) => ({
    candidates: [{content: {parts, role: 'model'}, index: 0, ...(finishReason ? {finishReason} : {})}],
    ...(usage ? {usageMetadata: {promptTokenCount: 13, candidatesTokenCount: 5, totalTokenCount: 18}} : {}),
    modelVersion: model,
    responseId: `gemini-${answer}`,
  });
  const frames = step.texts.map(text => data(frame([{text}])));
  step.calls.forEach((call, index) => {
    const part = {
      functionCall: {name: call.name, args: call.args},
      ...(call.signature ? {thoughtSignature: call.signature} : {}),
    };
    const whole = data(frame([part]));
    frames.push(step.cutArguments && index === step.calls.length - 1 ? halves(whole)[0] : whole);
  });
  if (step.ending === 'complete') frames.push(data(frame([{text: ''}], 'STOP', step.usage)));
  if (step.ending === 'length') frames.push(data(frame([{text: ''}], 'MAX_TOKENS', step.usage)));
  if (step.ending === 'filtered') frames.push(data(frame([], 'SAFETY', step.usage)));
  return frames;
}
