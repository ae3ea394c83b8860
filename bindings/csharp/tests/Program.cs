using System;
using System.Collections.Generic;
using System.Reflection;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace WhopLicense.Tests
{
    /// <summary>
    /// Runs every test of this assembly and closes with "N passed, N failed"; or prints what a test wants to know.
    /// </summary>
    internal static class Program
    {
        private static int Main(string[] arguments)
        {
            if (arguments.Length == 1 && arguments[0] == "load")
            {
                LibraryFileTests.Print();
                return 0;
            }
            if (arguments.Length == 3 && arguments[0] == "leave")
            {
                ExitTests.Leave(arguments[1], arguments[2]);
                return 0;
            }
            if (arguments.Length == 1)
            {
                DeviceTests.Print(productId: arguments[0]);
                return 0;
            }
            var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
            runner.Load(Assembly.GetExecutingAssembly(), new Dictionary<string, object>());
            ITestResult result = runner.Run(TestListener.NULL, TestFilter.Empty);
            PrintFailures(result);
            int failed = result.TotalCount - result.PassCount - result.SkipCount;
            string skipped = result.SkipCount > 0 ? ", " + result.SkipCount + " are not for this system" : "";
            Console.WriteLine(result.PassCount + " passed, " + failed + " failed" + skipped);
            return result.PassCount > 0 && failed == 0 ? 0 : 1;
        }

        private static void PrintFailures(ITestResult result)
        {
            FailureSite site = result.ResultState.Site;
            bool own = site != FailureSite.Child && site != FailureSite.Parent;
            if (own && result.ResultState.Status != TestStatus.Passed
                && result.ResultState.Status != TestStatus.Skipped)
            {
                Console.WriteLine(result.FullName + ": " + result.ResultState);
                Console.WriteLine(result.Message + "\n" + result.StackTrace);
            }
            foreach (ITestResult child in result.Children)
            {
                PrintFailures(child);
            }
        }
    }
}
