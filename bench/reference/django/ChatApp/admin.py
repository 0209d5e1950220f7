# FIX: the tutorial does not import admin.
from django.contrib import admin

from .models import *

admin.site.register(Room)
admin.site.register(Message)
