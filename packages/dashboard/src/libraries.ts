// What other people wrote and every screen needs, for start.ts; whoever uses it imports it from where it is.
import '@tanstack/react-query';
import '@tanstack/react-router';
import 'radix-ui';
import 'react-dom/client';
