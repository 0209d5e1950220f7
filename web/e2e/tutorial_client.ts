// The page of the tutorial that Parley comes from, with its script as it stands there, for a room and a person.

import type { Page } from "@playwright/test";

const html = (room: string, user: string) => `<!doctype html>
<meta charset="utf-8">
<title>The tutorial's page</title>
<div class="message" id="chatContainer"></div>
<form id="message-form"><input id="msg"><button>Send</button></form>
<script>
    // Determine the WebSocket protocol based on the application's URL
    const websocketProtocol = window.location.protocol === "https:" ? "wss" : "ws";
    const wsEndpoint = \`\${websocketProtocol}://\${window.location.host}/ws/notification/${room}/\`;

    // Create a new WebSocket connection
    const socket = new WebSocket(wsEndpoint);

    // Successful connection event
    socket.onopen = (event) => {
        console.log("WebSocket connection opened!");
    };

    // Socket disconnect event
    socket.onclose = (event) => {
        console.log("WebSocket connection closed!");
    };

    // Form submit listener
    document.getElementById('message-form').addEventListener('submit', function(event){
        event.preventDefault();
        const message = document.getElementById('msg').value;
        socket.send(
            JSON.stringify({
                'message': message,
                'room_name': '${room}',
                'sender': '${user}',
            })
        );
    });

    // Response from consumer on the server
    socket.addEventListener("message", (event) => {
        const messageData = JSON.parse(event.data)['message'];
        console.log(messageData);

        var sender = messageData['sender'];
        var message = messageData['message'];

        // Empty the message input field after the message has been sent
        if (sender == '${user}'){
            document.getElementById('msg').value = '';
        }

        // Append the message to the chatbox
        var messageDiv = document.querySelector('.message');
        if (sender != '${user}') { // Assuming you have a variable \`currentUser\` to hold the current user's name
            messageDiv.innerHTML += '<div class="receive"><p style="color: #000;">' + message + '<strong>-' + sender + '</strong></p></div>';
        } else {
            messageDiv.innerHTML += '<div class="send"><p style="color: #000;">' + message + '</p></div>';
        }
        scrollToBottom();
    });
</script>
<script>
    function scrollToBottom() {
        var chatContainer = document.getElementById("chatContainer");
        chatContainer.scrollTop = chatContainer.scrollHeight;
    }
</script>
`;

/** Opens the tutorial's page, as if the server had it, and waits until its socket is open. */
export async function openTutorialClient(page: Page, room: string, user: string): Promise<void> {
  // The browser takes a page that no server sent for one from the open network, which may not reach this machine.
  await page.context().grantPermissions(["local-network-access"]);
  await page.route("**/tutorial-client.html", (route) => route.fulfill({ contentType: "text/html", body: html(room, user) }));
  const opened = page.waitForEvent("console", (said) => said.text() === "WebSocket connection opened!");
  await page.goto("/tutorial-client.html");
  await opened;
}
