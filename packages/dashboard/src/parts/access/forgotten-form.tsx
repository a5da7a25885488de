import { useState } from 'react';
import { useForgotten } from '../../api/log-in.ts';
import { isEmail } from '../../model/email.ts';
import { access as words } from '../../text.ts';
import { Form } from '../ui/form.tsx';
import { TextField } from '../ui/text-field.tsx';
import { AccessFailure } from './access-failure.tsx';

/** Has a link to set a new password sent; the answer is the same whether there is such an account or not. */
export function ForgottenForm({ mail, onBack }: { mail: boolean; onBack: () => void }) {
  const [email, setEmail] = useState('');
  const [tried, setTried] = useState(false);
  const forgotten = useForgotten();
  const submit = () => {
    setTried(true);
    if (isEmail(email) && !forgotten.isPending) forgotten.mutate(email.trim());
  };
  const back = (
    <button type="button" className="link as-text" onClick={onBack}>
      {words.forgotten.back}
    </button>
  );
  if (!mail || forgotten.isSuccess) {
    return (
      <div className="door-form">
        <p role="status">{mail ? words.forgotten.sent(email.trim()) : words.forgotten.noMail}</p>
        {back}
      </div>
    );
  }
  return (
    <Form
      className="door-form"
      onSubmit={submit}
      busy={forgotten.isPending}
      foot={
        <>
          <button type="submit" className="button primary wide" disabled={forgotten.isPending}>
            {words.forgotten.action}
          </button>
          {back}
        </>
      }
    >
      <p className="muted">{words.forgotten.lead}</p>
      <TextField
        label={words.fields.email}
        type="email"
        value={email}
        maxLength={254}
        autoComplete="username"
        wrong={tried && !isEmail(email) ? words.wrong.email : undefined}
        onChange={setEmail}
      />
      <AccessFailure error={forgotten.error} />
    </Form>
  );
}
