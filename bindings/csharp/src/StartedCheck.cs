using System;
using System.Threading;
using System.Threading.Tasks;

namespace WhopLicense
{
    /// <summary>A license check that was started, and the task that tells how it ended.</summary>
    internal sealed class StartedCheck
    {
        // A program that goes on from the task must not do so on the thread that serves all calls of the client.
        private readonly TaskCompletionSource<LicenseResult> task =
            new TaskCompletionSource<LicenseResult>(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly CallHandle call;
        private readonly WhopApi? api;
        private readonly bool throws;
        private CancellationTokenRegistration registration;
        private int ended;

        /// <param name="call">The native call.</param>
        /// <param name="api">The API that is asked; no API is a relay.</param>
        /// <param name="throws">Whether the task fails when nobody knows.</param>
        internal StartedCheck(CallHandle call, WhopApi? api, bool throws)
        {
            this.call = call;
            this.api = api;
            this.throws = throws;
        }

        internal Task<LicenseResult> Task => task.Task;

        /// <summary>Whether the task has ended, or is about to.</summary>
        internal bool IsEnded => Volatile.Read(ref ended) == 1;

        /// <summary>Whether the native call is done. Not for a check that has ended.</summary>
        internal bool IsDone => Native.whop_call_is_done(call) == 1;

        /// <summary>Has the token end the call and the task, and then tell <paramref name="left"/>.</summary>
        internal void EndWith(CancellationToken cancellation, Action<StartedCheck> left)
        {
            if (cancellation.CanBeCanceled)
            {
                registration = cancellation.Register(() =>
                {
                    if (Claim())
                    {
                        left(this);
                        call.Dispose(); // which cancels it
                        task.TrySetCanceled(cancellation);
                    }
                });
            }
        }

        /// <summary>Ends both with what the native call comes to when it is canceled now.</summary>
        internal void Cancel()
        {
            if (Claim())
            {
                Native.whop_call_cancel(call);
                Take();
            }
        }

        /// <summary>Ends the task with what the native call, which is done, came to.</summary>
        internal void End()
        {
            if (Claim())
            {
                Take();
            }
        }

        private void Take()
        {
            registration.Dispose();
            try
            {
                int status = Native.whop_call_result(call, out IntPtr response);
                var result = new LicenseResult(status, response, api);
                task.TrySetResult(throws ? result.OrThrow() : result);
            }
            catch (Exception failure)
            {
                task.TrySetException(failure);
            }
            call.Dispose();
        }

        /// <summary>Whether the caller is the one that ends it.</summary>
        private bool Claim() => Interlocked.Exchange(ref ended, 1) == 0;
    }
}
