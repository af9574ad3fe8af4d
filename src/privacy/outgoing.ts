// The one place where it is decided what leaves: from a conversation with everything in it to what a provider is sent.

import type {Caution} from '../core/caution.ts';
import type {ChatRequest, Message, ToolMessage} from '../core/chat.ts';
import {covers, type PrivacyPolicy, smallestGroup} from '../core/privacy.ts';
import {clip} from '../core/text.ts';
import {hiddenColumns} from './hidden.ts';
import {isOpen, type Rules, type Sent, sentFailure, sentResult} from './results.ts';
import {datasetsText} from './schemas.ts';

/** `request` holds nothing but what may be sent; `sent` counts it by the number of each result. */
export type Outgoing = {request: ChatRequest; sent: Map<number, Sent>; open: boolean};

/** What may be sent of `request`. Pure; the same request under another policy is decided anew, its history too. */
export function outgoing(request: ChatRequest, policy: PrivacyPolicy): Outgoing {
  const {system, messages, tools, datasets, activeDataset, earlier = []} = request;
  const rules: Rules = {policy, hidden: hiddenColumns(policy, datasets)};
  const open = isOpen(rules);
  const sent = new Map<number, Sent>();
  let local = false;
  const gated = messages.map((message): Message => {
    switch (message.role) {
      case 'user':
        return message;
      case 'assistant':
        local = !open && !isFromOutside(message, policy);
        return local ? withoutWords(message) : sentWords(message, open);
      case 'tool':
        return withoutNames(sentMessage(message, rules, local, sent), rules.hidden.valueNames);
      default:
        return message satisfies never;
    }
  });
  const facts = datasetsText(datasets, activeDataset, policy.level, rules.hidden);
  return {
    request: {
      system: [system, ...(open ? [] : [policyText(policy)]), withoutAll(facts, rules.hidden.valueNames)].join('\n'),
      messages: withEarlier(gated, earlier, rules),
      tools,
      datasets: [],
    },
    sent,
    open,
  };
}

type AssistantMessage = Extract<Message, {role: 'assistant'}>;

/** The words of a model that had seen no more than it may see now. */
function isFromOutside({outside}: AssistantMessage, policy: PrivacyPolicy): boolean {
  return outside !== undefined && covers(outside.policy, policy);
}

function sentWords({outside, ...message}: AssistantMessage, open: boolean): Message {
  return {...message, text: open ? message.text : (outside?.text ?? message.text)};
}

/** Words and arguments made with more in sight; that the calls were made stays in the history. */
function withoutWords({outside: _, ...message}: AssistantMessage): Message {
  const toolCalls = message.toolCalls.map(call => ({...call, argumentsText: '{}'}));
  const text = message.text === '' ? '' : '(An earlier answer, shown to the user and not sent.)';
  return {...message, text, toolCalls};
}

function sentMessage(message: ToolMessage, rules: Rules, local: boolean, sent: Map<number, Sent>): ToolMessage {
  const {role, callId, name, result} = message;
  if (!result.ok) {
    const failure = local ? {ok: false as const, code: result.code, message: 'It failed.'} : sentFailure(result, rules);
    return {role, callId, name, result: failure};
  }
  const part = sentResult(message, rules);
  const {id, tool} = result.receipt;
  sent.set(id, part);
  const receipt = {id, tool, args: {}, datasets: [], rowsRead: 0, sampled: false, ms: 0};
  const cautions = (result.cautions ?? []).map(caution => (isOpen(rules) ? caution : withoutWordsOf(caution)));
  return {role, callId, name, result: {ok: true, summary: part.text, receipt, cautions}};
}

/** Takes out names of columns that hold values. */
function withoutNames(message: ToolMessage, names: readonly string[]): ToolMessage {
  const {result} = message;
  if (names.length === 0) return message;
  if (result.ok) return {...message, result: {...result, summary: withoutAll(result.summary, names)}};
  const {hint} = result;
  const hinted = hint === undefined ? {} : {hint: withoutAll(hint, names)};
  return {...message, result: {...result, message: withoutAll(result.message, names), ...hinted}};
}

function withoutAll(text: string, names: readonly string[]): string {
  return names.reduce((left, name) => left.replaceAll(name, '(a column)'), text);
}

/** A caution may name a group or an extreme value; which caution it is tells a model enough to say so. */
function withoutWordsOf(caution: Caution): Caution {
  return {...caution, message: `${caution.code} (the user sees it)`, advice: ''};
}

/** The results of turns that were left out, as one line each before the first question that is kept. */
function withEarlier(messages: Message[], earlier: readonly ToolMessage[], rules: Rules): Message[] {
  const results = earlier.filter(({result}) => result.ok && !result.nextSteps);
  const lines = results.slice(-20).flatMap(message => {
    if (!message.result.ok) return [];
    const text = withoutAll(sentResult(message, rules).text.replaceAll(/\s+/g, ' '), rules.hidden.valueNames);
    return [`#${message.result.receipt.id} ${message.name}: ${clip(text, 160)}`];
  });
  const [first, ...rest] = messages;
  if (lines.length === 0 || first?.role !== 'user') return messages;
  const pinned = `(Earlier results of this conversation, left out here:\n${lines.join('\n')})`;
  return [{...first, text: `${pinned}\n\n${first.text}`}, ...rest];
}

function policyText({level, neverSend}: PrivacyPolicy): string {
  const seen = {
    rows: 'Values of never-send columns are withheld from you.',
    aggregates: `You see only statistics over groups of at least ${smallestGroup} rows: aggregate in SQL instead of reading rows, and leave small groups out with HAVING count(*) >= ${smallestGroup}.`,
    schema: 'You see only the shape of results, never their values.',
  }[level];
  const never = neverSend.length > 0 && level !== 'rows' ? ' Values of never-send columns are withheld too.' : '';
  return `Privacy level ${level}. ${seen}${never} Tools compute everything, and the user sees it. Where a withheld value belongs in your answer write {{N:ROW:COLUMN}} (number of the result, row from 1, column), or {{N}} for its table; it is filled in for the user.`;
}
