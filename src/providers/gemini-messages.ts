// The conversation and the tools in the words of Gemini's generateContent.

import type {Content, FunctionDeclaration, FunctionDeclarationSchema, Part} from '@google/generative-ai';
import type {ChatRequest, ToolCall, ToolSpec} from '../core/chat.ts';
import {geminiParameters} from './gemini-schema.ts';
import {argumentsObject, type Exchange, exchangesOf} from './history.ts';

/** What the SDK's own type of a part lacks: the model's opaque thought, to be sent back beside the call. */
type SignedPart = Part & {thoughtSignature?: string};

export function geminiContents(request: Pick<ChatRequest, 'messages'>): Content[] {
  return exchangesOf(request.messages).flatMap(contentsOf);
}

function contentsOf(exchange: Exchange): Content[] {
  if (exchange.role === 'user') return [{role: 'user', parts: [{text: exchange.text}]}];
  const {message, results} = exchange;
  const text: Part[] = message.text ? [{text: message.text}] : [];
  const parts = [...text, ...results.map(({call}) => callPart(call))];
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

/** A signature of another service means nothing here and would be refused. */
function callPart(call: ToolCall): SignedPart {
  const part: SignedPart = {functionCall: {name: call.name, args: argumentsObject(call)}};
  return call.signature?.provider === 'gemini' ? {...part, thoughtSignature: call.signature.value} : part;
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
