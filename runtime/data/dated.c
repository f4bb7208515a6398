// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/program.h"

const Validity *dated_on(const Dated *d, int32_t day) {
    for (uint32_t i = 0; i < d->n; i++)
        if (d->v[i].first <= day && day <= d->v[i].last)
            return &d->v[i];
    return NULL;
}

void validity_print(Buf *out, const Validity *v) {
    buf_puts(out, "from ");
    period_print(out, v->from);
    if (v->to.kind != PERIOD_NONE) {
        buf_puts(out, " to ");
        period_print(out, v->to);
    }
}
