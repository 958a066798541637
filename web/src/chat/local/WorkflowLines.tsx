import { Icon } from '../../app/Icon';
import type { Task } from './protocol/types';

const SHOWN = 3;

type Props = { tasks: readonly Task[]; live: boolean };

/** What the tools are doing and did, one line each; many of them fold up once done. */
export function WorkflowLines({ tasks, live }: Props) {
  const lines = (
    <ul className="workflow">
      {tasks.map((task, index) => (
        // the protocol itself names tasks by their place
        <WorkflowLine key={index} task={task} live={live} />
      ))}
    </ul>
  );
  if (live || tasks.length <= SHOWN) return lines;
  return (
    <details className="workflow-fold">
      <summary>{tasks.length} steps</summary>
      {lines}
    </details>
  );
}

function WorkflowLine({ task, live }: { task: Task; live: boolean }) {
  const state = task.status_indicator === 'loading' && !live ? 'none' : task.status_indicator;
  return (
    <li className="workflow-line" data-state={state ?? 'none'}>
      {state === 'complete' ? <Icon name="check" /> : <span className="workflow-dot" />}
      <span dir="auto">{task.title ?? task.content}</span>
    </li>
  );
}
