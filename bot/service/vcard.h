/* vcard.h - the desk's and the component's business card (XEP-0054). */
#ifndef SERVICE_VCARD_H
#define SERVICE_VCARD_H

#include "switchboard.h"

handler vcard_get;

#endif
