/* Functions that do not compile here (given to every file by the build). */
#ifndef WEAL_BASE_BANNED_H
#define WEAL_BASE_BANNED_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#pragma GCC poison strcpy strcat sprintf vsprintf strtok atoi atof gets
#endif
