import os
from django.core.asgi import get_asgi_application

from channels.routing import ProtocolTypeRouter, URLRouter

# FIX: the tutorial says 'movie.settings'.
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'ChatPrj.settings')

django_asgi_app = get_asgi_application()

# FIX: the routes import the models, which can be imported only once the application is there; the tutorial does it above.
from ChatApp import routing  # noqa: E402

application = ProtocolTypeRouter({
    "http": django_asgi_app,
    "websocket": URLRouter(
        routing.websocket_urlpatterns
    )
})
