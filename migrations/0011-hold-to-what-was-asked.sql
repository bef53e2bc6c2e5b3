-- The request of a withdrawal is stored without waiting for the disk, since the promise in the log follows at once.
-- Where that promise cannot be made, the server writes the request once more, as the same act, and waits.

grant update (asked_at) on withdrawal to custode_server;
