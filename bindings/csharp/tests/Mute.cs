using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace WhopLicense.Tests
{
    /// <summary>A server that takes connections and says nothing.</summary>
    internal sealed class Mute : IDisposable
    {
        private readonly TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
        private readonly List<Socket> connections = new List<Socket>();

        internal Mute() => listener.Start(1024);

        internal string Url => "http://127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port + "/api";

        /// <summary>A client whose calls would wait for ten minutes.</summary>
        internal WhopClient Client() => new WhopClient("a_key", new WhopClientOptions
        {
            BaseUrl = Url,
            Timeout = TimeSpan.FromMinutes(10),
        });

        /// <summary>Waits until so many more requests have begun to arrive.</summary>
        internal void Receive(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Socket connection = listener.AcceptSocket();
                connection.ReceiveTimeout = 10000;
                connection.Receive(new byte[1]);
                connections.Add(connection);
            }
        }

        /// <summary>Waits until every connection is closed by the client.</summary>
        internal void AwaitClosed()
        {
            foreach (Socket connection in connections)
            {
                try
                {
                    while (connection.Receive(new byte[1024]) > 0)
                    {
                        // The rest of the request.
                    }
                }
                catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
                {
                    // Closed as well.
                }
            }
        }

        public void Dispose()
        {
            connections.ForEach(connection => connection.Dispose());
            listener.Stop();
        }
    }
}
