// The numbered list that ends an answer; the host keeps the one shown last and a bare number sends its prompt.

import {z} from 'zod';
import {defineTool, type Tool} from '../core/tool.ts';

export function suggestNextSteps(): Tool {
  return defineTool({
    name: 'suggest_next_steps',
    description:
      'Offer the user 2 to 4 concrete follow-up questions as a numbered list. Call it beside your last data call; it needs no reply.',
    parallel: true,
    aside: true,
    args: z.object({
      steps: z
        .array(
          z.object({
            label: z.string().min(1).max(120).describe('what the user sees'),
            prompt: z.string().min(1).max(500).describe('what is sent when it is chosen'),
          }),
        )
        .min(1)
        .max(6),
    }),
    async run({steps}) {
      const summary = `Shown to the user: ${steps.length} next steps.`;
      return {
        ok: true,
        summary,
        disclosure: {bare: summary},
        nextSteps: steps,
        source: {datasets: [], rowsRead: 0, sampled: false},
      };
    },
  });
}
