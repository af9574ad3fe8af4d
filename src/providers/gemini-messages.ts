// The conversation and the tools in the words of Gemini's generateContent.

import type {Content, FunctionDeclaration, FunctionDeclarationSchema, Part} from '@google/generative-ai';
import type {ChatRequest, ToolCall, ToolSpec} from '../core/chat.ts';
import {geminiParameters} from './gemini-schema.ts';
import {argumentsObject, type Exchange, exchangesOf} from './history.ts';

/** What the SDK's own type of a part lacks: the model's opaque thought, to be sent back beside the call. */
type SignedPart = Part & {thoughtSignature?: string};

/** What the service documents for calls that another model made: from Gemini 3 on it refuses calls without a signature. */
const unsignedMark = 'skip_thought_signature_validator';

export function geminiContents(request: Pick<ChatRequest, 'messages'>, model: string): Content[] {
  const marksUnsigned = !/^(?:models\/)?gemini-[12]\b/.test(model);
  return exchangesOf(request.messages).flatMap(exchange => contentsOf(exchange, marksUnsigned));
}

function contentsOf(exchange: Exchange, marksUnsigned: boolean): Content[] {
  if (exchange.role === 'user') return [{role: 'user', parts: [{text: exchange.text}]}];
  const {message, results} = exchange;
  const text: Part[] = message.text ? [{text: message.text}] : [];
  // Of calls side by side only the first is signed.
  const isUnsigned = marksUnsigned && !results.some(({call}) => ownSignature(call) !== undefined);
  const calls = results.map(({call}, index) => callPart(call, isUnsigned && index === 0));
  const parts = [...text, ...calls];
  // A message without parts is refused.
  const said: Content = {role: 'model', parts: parts.length > 0 ? parts : [{text: ' '}]};
  if (results.length === 0) return [said];
  const answers = results.map(
    ({call, text: result, ok}): Part => ({
      functionResponse: {name: call.name, response: ok ? {result} : {error: result}},
    }),
  );
  return [said, {role: 'user', parts: answers}];
}

function callPart(call: ToolCall, isMarked: boolean): SignedPart {
  const part: SignedPart = {functionCall: {name: call.name, args: argumentsObject(call)}};
  const signature = isMarked ? unsignedMark : ownSignature(call);
  return signature === undefined ? part : {...part, thoughtSignature: signature};
}

/** A signature of another service means nothing here and would be refused. */
function ownSignature({signature}: ToolCall): string | undefined {
  return signature?.provider === 'gemini' ? signature.value : undefined;
}

export function geminiFunctions(tools: readonly ToolSpec[]): FunctionDeclaration[] {
  return tools.map(({name, description, parameters}) => {
    const converted = geminiParameters(parameters);
    // The SDK's type demands its enum where the service wants plain text; the values are the same.
    return converted
      ? {name, description, parameters: converted as unknown as FunctionDeclarationSchema}
      : {name, description};
  });
}
