/* basics.h - the answers that everything with an address owes. */
#ifndef SERVICE_BASICS_H
#define SERVICE_BASICS_H

#include "switchboard.h"

handler answer_ping;    /* XEP-0199 */
handler answer_version; /* XEP-0092: the name, no more */
/* Nobody has this address: item-not-found. */
handler refuse_address;
/* An IQ that nothing here understands: service-unavailable. */
handler refuse_request;

#endif
